// What needs Node: a listening server and its life.
export {};

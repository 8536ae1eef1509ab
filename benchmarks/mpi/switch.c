/* A network switch in a process: a port for each host, with a rate and a delay, for kernels that have no netem.
 *
 *   cc -O2 -o switch switch.c && ./switch 2 1e9 1e-3
 *
 * makes the Ethernet devices unrolled0, unrolled1, ..., whose addresses end in their number, and prints a line when they are there. A frame takes its
 * size / rate at its source, the delay on the way, and its size / rate at its destination; those that would wait longer than 0.2 s are dropped. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { most_ports = 16, room = 1 << 14, most_bytes = 9200 };

typedef struct {
  double at;
  int length;
  char bytes[most_bytes];
} Frame;

/* What is on its way to a port, in the order of arrival. */
typedef struct {
  int device;
  double sends_from, receives_from; /* when the port is free again */
  Frame* frames;
  unsigned first, count;
} Port;

static Port ports[most_ports];
static int count;
static double rate, delay;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double later(double a, double b) { return a > b ? a : b; }

static int open_device(int number) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  snprintf(request.ifr_name, sizeof request.ifr_name, "unrolled%d", number);
  const int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (device < 0 || ioctl(device, TUNSETIFF, &request)) {
    perror(request.ifr_name);
    exit(1);
  }
  return device;
}

static void put(Port* to, const char* bytes, int length, double leaves, double time) {
  const double at = later(leaves + delay, to->receives_from) + 8 * length / rate;
  if (to->count == room || at - time > delay + 0.2) return;
  Frame* frame = &to->frames[(to->first + to->count++) % room];
  frame->at = to->receives_from = at;
  frame->length = length;
  memcpy(frame->bytes, bytes, (size_t)length);
}

/* Reads all that a port has, and gives each frame to where its address says, or to all others. */
static void take(int source) {
  char bytes[most_bytes];
  Port* from = &ports[source];
  for (int length; (length = (int)read(from->device, bytes, sizeof bytes)) > 0;) {
    const double time = now();
    from->sends_from = later(time, from->sends_from) + 8 * length / rate;
    const int target = (bytes[0] & 1) ? -1 : (unsigned char)bytes[5];
    for (int k = 0; k < count; k++)
      if (k != source && (target < 0 || target == k)) put(&ports[k], bytes, length, from->sends_from, time);
  }
}

/* Gives a port what has arrived; returns when the next one does. */
static double deliver(Port* port, double until) {
  while (port->count && port->frames[port->first].at <= now()) {
    const Frame* frame = &port->frames[port->first];
    if (write(port->device, frame->bytes, (size_t)frame->length) < 0) { /* the host is not up yet */
    }
    port->first = (port->first + 1) % room;
    port->count--;
  }
  return port->count && port->frames[port->first].at < until ? port->frames[port->first].at : until;
}

int main(int argc, char** argv) {
  count = argc > 1 ? atoi(argv[1]) : 2;
  rate = argc > 2 ? atof(argv[2]) : 1e9;
  delay = argc > 3 ? atof(argv[3]) : 1e-3;
  if (count < 2 || count > most_ports) return 2;
  prctl(PR_SET_TIMERSLACK, 1000UL);
  prctl(PR_SET_PDEATHSIG, 9);
  struct pollfd polled[most_ports];
  for (int k = 0; k < count; k++) {
    ports[k].device = open_device(k);
    ports[k].frames = malloc(room * sizeof(Frame));
    polled[k].fd = ports[k].device;
    polled[k].events = POLLIN;
  }
  puts("ready");
  fflush(stdout);
  for (;;) {
    double until = now() + 1;
    for (int k = 0; k < count; k++) until = deliver(&ports[k], until);
    const double wait = later(until - now(), 0);
    const struct timespec t = {(time_t)wait, (long)(1e9 * (wait - (double)(time_t)wait))};
    ppoll(polled, (nfds_t)count, &t, NULL);
    for (int k = 0; k < count; k++)
      if (polled[k].revents & POLLIN) take(k);
  }
}

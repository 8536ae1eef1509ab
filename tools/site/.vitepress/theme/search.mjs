// The theme's search says of itself that it is a button with a list of options, and has a field, buttons and links in it. It is a dialog with a list of
// links: that is what it becomes for who listens to it.

const attributes = ['role', 'aria-expanded', 'aria-haspopup', 'aria-owns', 'aria-selected', 'aria-label'];

function correct(box) {
  // Each change is seen by the observer again: only what differs is changed.
  if (box.getAttribute('role') !== 'dialog') box.setAttribute('role', 'dialog');
  if (!box.hasAttribute('aria-modal')) box.setAttribute('aria-modal', 'true');
  for (const name of ['aria-expanded', 'aria-haspopup', 'aria-owns']) box.removeAttribute(name);
  for (const one of box.querySelectorAll('[role=listbox], [role=option]')) one.removeAttribute('role');
  for (const one of box.querySelectorAll('li[aria-selected]')) one.removeAttribute('aria-selected');
  for (const one of box.querySelectorAll('a[aria-label], kbd[aria-label]')) one.removeAttribute('aria-label');
}

/** Keeps the search in order, however the theme draws it anew. */
export function watchSearch() {
  const look = () => {
    const box = document.querySelector('.VPLocalSearchBox');
    if (box) correct(box);
  };
  new MutationObserver(look).observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: attributes,
  });
}

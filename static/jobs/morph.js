// This module makes one element like another, and leaves alone what is alike already: so focus,
// selection and scrolling stay where they are.

/**
 * Fill an element with new HTML of the web.
 * @param {Element} element
 * @param {string} html
 */
export function show(element, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  morphChildren(element, template.content);
}

/**
 * Make a node like `fresh`, which has the same id if any.
 * @param {Node} old
 * @param {Node} fresh
 */
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName) old.replaceWith(fresh);
  else if (old instanceof Element) {
    for (const { name } of Array.from(old.attributes)) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    morphChildren(old, fresh);
  } else old.nodeValue = fresh.nodeValue;
}

/**
 * Make the children alike: those with an id by their ids, all others by their order.
 * @param {Node} old
 * @param {Node} fresh
 */
function morphChildren(old, fresh) {
  const ids = new Set([...fresh.childNodes].map((one) => one.id).filter(Boolean));
  const known = new Map([...old.childNodes].filter((one) => one.id).map((one) => [one.id, one]));
  let place = old.firstChild;
  for (const next of Array.from(fresh.childNodes)) {
    while (place?.id && !ids.has(place.id)) place = removed(place);
    const same = next.id ? known.get(next.id) : place?.id ? null : place;
    if (!same) old.insertBefore(next, place);
    else {
      if (same === place) place = place.nextSibling;
      else old.insertBefore(same, place);
      morph(same, next);
    }
  }
  while (place) place = removed(place);
}

/** Remove a node and return the one behind it. */
function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

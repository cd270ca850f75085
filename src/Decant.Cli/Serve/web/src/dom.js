// Elements made of names and text: what a model calls its nodes is never markup.

/** An element with attributes and children; text becomes text nodes. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/** A name of the model, which may break behind each of its parts. */
export function name(text) {
  return text.split(/(?<=[/_:.;])(?![/_:.;])/).flatMap((part, i) => i === 0 ? [part] : [document.createElement('wbr'), part]);
}

export const byId = id => document.getElementById(id);

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on'))
      made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false)
      made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat().filter(c => c !== null && c !== undefined));
  return made;
}

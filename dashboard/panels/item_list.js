// A list of items one can click: a name, badges, one or two numbers and a thin bar that shows the first.
// Names come from users' files, so they only ever enter the page as text.

function piece(kind, text, tip = "") {
  const span = document.createElement("span");
  span.className = kind;
  span.textContent = text;
  if (tip) span.title = tip;
  return span;
}

function badge(mark) {
  const span = piece(`mark ${mark.kind}`, mark.sign, mark.tip);
  span.setAttribute("role", "img");
  span.setAttribute("aria-label", mark.tip);
  return span;
}

function row(item, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "item";
  button.dataset.row = item.row;
  if (item.colour) {
    const dot = piece("dot", "");
    dot.style.background = item.colour;
    button.append(dot);
  }
  const bar = piece("bar", "");
  bar.style.width = `calc((100% - .7rem) * ${Math.min(1, Math.max(0, item.share)).toFixed(3)})`;
  button.append(piece("name", item.name, item.name), ...item.marks.map(badge), piece("value", item.value, item.tip));
  if (item.aside) button.append(piece("aside", item.aside, item.tip));
  button.append(bar);
  button.onclick = () => choose(item.row);
  return button;
}

function remover(item, remove) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "remove";
  button.textContent = "×";
  button.title = "Take away";
  button.setAttribute("aria-label", `Take away ${item.name}`);
  button.onclick = () => remove(item.row);
  return button;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol");
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(
    ...data.items.map((item) => {
      const entry = document.createElement("li");
      entry.append(row(item, (chosen) => setTriggerValue("chosen", chosen)));
      if (data.removable) entry.append(remover(item, (removed) => setTriggerValue("removed", removed)));
      return entry;
    }),
  );
}

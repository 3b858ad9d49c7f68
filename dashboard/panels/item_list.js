// A list of items one can click: a rank, a name, a number and a thin bar that shows the number.
// Names come from users' files, so they only ever enter the page as text.

function row(item, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "item";
  button.dataset.row = item.row;
  if (item.colour) {
    const dot = document.createElement("span");
    dot.className = "dot";
    dot.style.background = item.colour;
    button.append(dot);
  }
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = item.name;
  name.title = item.name;
  const value = document.createElement("span");
  value.className = "value";
  value.textContent = item.value;
  const bar = document.createElement("span");
  bar.className = "bar";
  bar.style.width = `${Math.round(100 * Math.min(1, Math.max(0, item.share)))}%`;
  button.append(name, value, bar);
  button.onclick = () => choose(item.row);
  return button;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const list = parentElement.querySelector("ol");
  list.setAttribute("aria-label", data.label);
  list.replaceChildren(
    ...data.items.map((item) => {
      const entry = document.createElement("li");
      entry.append(row(item, (chosen) => setTriggerValue("chosen", chosen)));
      return entry;
    }),
  );
}

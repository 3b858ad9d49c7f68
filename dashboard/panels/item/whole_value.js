// Fetches a long value when it is asked for and shows it in a box to scroll. It comes from a user's file and only ever
// enters the page as text; in pieces, so that the browser lays out no more of it than is in sight.

const PIECE = 20_000;

function pieces(text) {
  const found = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + PIECE);
    if (end < text.length) {  // a piece is a block of its own: it had better end with a line, or a word
      const line = text.lastIndexOf("\n", end), word = text.lastIndexOf(" ", end);
      if (line > start || word > start) end = (line > start ? line : word) + 1;
    }
    const piece = document.createElement("div");
    piece.textContent = text.slice(start, end).replace(/\n$/, "") || "\n";
    found.push(piece);
    start = end;
  }
  return found;
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector("p");
  const whole = parentElement.querySelector(".whole");
  const about = `${data.row} ${data.address}`;
  if (whole.dataset.about !== about) {
    whole.dataset.about = about;
    whole.replaceChildren();
    whole.hidden = true;
    said.textContent = "";
    button.hidden = false;
  }
  button.textContent = data.label;
  whole.setAttribute("aria-label", data.name);
  button.onclick = async () => {
    button.disabled = true;
    said.textContent = "Fetching …";
    try {
      const response = await fetch(new URL(data.address, document.baseURI));
      const text = await response.text();
      if (whole.dataset.about !== about) return;
      if (!response.ok) throw new Error(text);
      whole.replaceChildren(...pieces(text));
      whole.hidden = false;
      button.hidden = true;
      said.textContent = "";
      whole.focus();
    } catch (error) {
      said.textContent = error.message;
    } finally {
      button.disabled = false;
    }
  };
}

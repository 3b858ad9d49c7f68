// A button that fetches a file, says that it is being made, and hands it to the browser.

async function fetched(address) {
  const response = await fetch(new URL(address, document.baseURI));
  if (!response.ok) throw new Error(await response.text());
  return response.blob();
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  const word = parentElement.querySelector(".word");
  const said = parentElement.querySelector(".said");
  button.classList.toggle("primary", data.primary);
  if (!button.disabled) word.textContent = data.label;
  button.onclick = async () => {
    button.disabled = true;
    word.textContent = data.working;
    said.textContent = "";
    try {
      save(await fetched(data.address), data.name);
    } catch (error) {
      said.textContent = error.message;
    } finally {
      button.disabled = false;
      word.textContent = data.label;
    }
  };
}

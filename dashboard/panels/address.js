// Writes the map's state into the page's address: no page is loaded, and Back leads where it led before.

export default function ({ data }) {
  const here = window.location;
  const embedded = here.search.slice(1).split("&").filter((part) => part.startsWith("embed"));
  const query = [data.query, ...embedded].filter(Boolean).join("&");
  const wanted = here.pathname + (query && `?${query}`) + here.hash;
  if (wanted !== here.pathname + here.search + here.hash) window.history.replaceState(window.history.state, "", wanted);
}

// The text of a formula as its bar sees it: pieces of it, where an item goes in, whether it may be complete. No page.

const SIGNS = { "+": "operator", "-": "operator", "−": "operator", "–": "operator", "*": "operator", "×": "operator",
  "·": "operator", "/": "operator", "÷": "operator", "(": "open", ")": "close", ",": "comma", ";": "comma" };
const NUMBER = /^(\d+([.]\d*)?|[.]\d+)$/;
const MEAN = /^(mean|avg|average)$/i;
const MENTION = /@(?:"([^"]*)|([^\s"+*/(),;]*))$/;

/** The pieces of a formula as {kind, start, end}; what stands in quotes is one operand, "quote" while it is open. */
export function pieces(text) {
  const found = [];
  for (let at = 0; at < text.length; ) {
    const start = at, sign = text[at];
    if (/\s/.test(sign)) { at += 1; continue; }
    let kind = SIGNS[sign];
    if (kind) at += 1;
    else if (sign === '"') {
      at += 1;
      while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
      kind = at < text.length ? "operand" : "quote";
      at = Math.min(at + 1, text.length);
    } else {
      while (at < text.length && !/\s/.test(text[at]) && !SIGNS[text[at]] && text[at] !== '"') at += 1;
      kind = NUMBER.test(text.slice(start, at)) ? "number" : "operand";
    }
    found.push({ kind, start, end: at });
  }
  return found;
}

function isOperand(piece) {
  return ["operand", "number", "close"].includes(piece?.kind);
}

/** Whether what follows these pieces is one of the things that a mean is of. */
function inMean(text, before) {
  let depth = 0;
  for (let i = before.length - 1; i >= 0; i--) {
    if (before[i].kind === "close") depth += 1;
    else if (before[i].kind === "open" && depth-- === 0) {
      const name = before[i - 1];
      return name?.kind === "operand" && MEAN.test(text.slice(name.start, name.end));
    }
  }
  return false;
}

/** A number that scales what follows; after a sign of multiplication or division it ends an operand. */
function isFactor(text, before) {
  const last = before.at(-1), sign = before.at(-2);
  return last?.kind === "number" && !(sign?.kind === "operator" && /[*×·/÷]/.test(text[sign.start]));
}

/**
 * Put a name into a formula in place of what is selected from `from` to `to`: with " + " before it where an operand
 * stands there, with ", " inside a mean, without either after an operator, an open parenthesis or at the start.
 * A cursor within a word stands behind it. Returns the text and where the cursor is then.
 */
export function inserted(text, from, to, name) {
  let before = pieces(text.slice(0, from));
  if (before.at(-1)?.kind === "quote") from = before.pop().start;  // begun by hand and given up
  else if (from === to && before.at(-1)?.end === from) {
    const word = pieces(text).find(({ kind, start, end }) => isOperand({ kind }) && start < from && from < end);
    if (word) from = to = word.end;
    before = pieces(text.slice(0, from));
  }
  const between = inMean(text, before) ? ", " : " + ";
  const left = text.slice(0, from).trimEnd(), right = text.slice(to).trimStart();
  const open = before.at(-1)?.kind === "open" || !left;
  const lead = isFactor(text, before) ? " * " : isOperand(before.at(-1)) ? between : open ? "" : " ";
  const next = pieces(right)[0]?.kind;
  const tail = !next || next === "close" || next === "comma" ? "" : next === "operator" ? " " : between;
  const head = left + lead + name;
  return { text: head + tail + right, cursor: head.length };
}

/** Whether a formula can be solved as it stands: parentheses and quotes closed, an operand last. */
export function isComplete(text) {
  const all = pieces(text), last = all.at(-1);
  let depth = 0;
  for (const { kind } of all) {
    depth += kind === "open" ? 1 : kind === "close" ? -1 : 0;
    if (depth < 0 || kind === "quote") return false;
  }
  return depth === 0 && isOperand(last);
}

/** What fits a group begun with "@" at the cursor, among this visit's own; null where none is begun. */
export function mentioned(text, cursor, groups, most) {
  const begun = MENTION.exec(text.slice(0, cursor));
  if (!begun || (begun.index > 0 && !/[\s+\-−–*×·/÷(,;]/.test(text[begun.index - 1]))) return null;
  const asked = (begun[1] ?? begun[2]).toLowerCase();
  const named = groups.filter(({ shown }) => shown.toLowerCase().includes(asked));
  const first = ({ shown }) => (shown.toLowerCase().slice(1).startsWith(asked) ? 0 : 1);
  const rest = /^[^\s+*/(),;]*/.exec(text.slice(cursor))[0].length;
  const suggestions = named.sort((a, b) => first(a) - first(b)).slice(0, most);
  return { start: begun.index, end: cursor + rest, suggestions };
}

/** How many characters the first `units` of a text are, as Python counts them; and the other way round. */
export function charactersIn(text, units) {
  return Array.from(text.slice(0, units)).length;
}

export function unitsIn(text, characters) {
  return Array.from(text).slice(0, characters).join("").length;
}

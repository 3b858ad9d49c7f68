import { element } from "./panel.js";
import { isAbandoned } from "./source.js";

const PATIENCE = 60; // ms the pointer has to rest on an item before its card is fetched
const MOST_CARDS = 300;
const GAP = 14;
const SAFE_PICTURE = /^data:image\/(png|jpeg|webp);base64,/;

/** The card beside the pointer. It never takes the pointer, and texts on it are only texts. */
export class HoverCard {
    constructor(failed) {
        this.failed = failed;
        this.box = element("div", { className: "card", hidden: true });
        this.known = new Map();
        this.item = -1;
        this.told = "";
    }

    setSource(source) {
        this.source = source;
        this.known.clear();
        this.hide();
    }

    /** Show the card of an item at a pixel, as soon as it is known. */
    show(item, px, py) {
        this.at = [px, py];
        if (item === this.item && !this.told) return this.#place();
        this.hide();
        this.item = item;
        if (this.known.has(item)) return this.#fill(this.known.get(item));
        this.timer = setTimeout(() => this.#fetch(item), PATIENCE);
    }

    /** Show a story at a pixel: {key, title, text, fields, item}; `item` is whose card is added once it is known. */
    tell(story, px, py) {
        this.at = [px, py];
        if (story.key === this.told) return this.#place();
        this.hide();
        this.told = story.key;
        this.item = story.item ?? -1;
        const card = this.known.get(this.item);
        this.story = story;
        this.#fill(card ? withItem(story, card) : story);
        if (this.item >= 0 && !card) this.timer = setTimeout(() => this.#fetch(this.item), PATIENCE);
    }

    hide() {
        clearTimeout(this.timer);
        this.aborter?.abort();
        this.item = -1;
        this.told = "";
        this.box.hidden = true;
    }

    async #fetch(item) {
        this.aborter = new AbortController();
        try {
            const card = await this.source.card(item, this.aborter.signal);
            if (this.known.size >= MOST_CARDS) this.known.delete(this.known.keys().next().value);
            this.known.set(item, card);
            if (item === this.item) this.#fill(this.told ? withItem(this.story, card) : card);
        } catch (error) {
            if (!isAbandoned(error)) this.failed(error);
        }
    }

    #fill({ title, text, fields = [], image = "" }) {
        const rows = fields.flatMap(([name, text]) => [element("dt", { text: name }), element("dd", { text })]);
        const parts = [element("p", { className: "title", text: title })];
        if (text) parts.push(element("p", { className: "said", text }));
        if (rows.length) parts.push(element("dl", {}, ...rows));
        if (SAFE_PICTURE.test(image)) parts.unshift(element("img", { src: image, alt: "" }));
        this.box.replaceChildren(...parts);
        this.box.hidden = false;
        this.#place();
    }

    /** Beside the pointer, on the side where there is room. */
    #place() {
        if (this.box.hidden) return;
        const [px, py] = this.at;
        const { offsetWidth: width, offsetHeight: height, offsetParent: map } = this.box;
        const roomRight = map.clientWidth - px - GAP - width;
        const left = roomRight > 6 ? px + GAP : Math.max(6, px - GAP - width);
        const top = Math.max(6, Math.min(py + GAP, map.clientHeight - height - 6));
        this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    }
}

/** What is said of a town, and the item that it stands at. */
function withItem(story, { title, image }) {
    return { ...story, fields: [...story.fields, ["Stands at", title]], image };
}

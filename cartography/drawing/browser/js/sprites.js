const MOST_SPRITES = 500;

/**
 * Names drawn once and kept as pictures: outlined text costs a hundred times more than placing a picture,
 * and the same name is drawn on every frame.
 */
export class Sprites {
    constructor() {
        this.kept = new Map();
        this.widths = new Map();
        this.ruler = document.createElement("canvas").getContext("2d");
    }

    /** Width of a text in CSS pixels. `style` is {font, spacing}. */
    measure(text, { font, spacing }) {
        const key = `${font}|${text}`;
        if (!this.widths.has(key)) {
            this.ruler.font = font;
            this.widths.set(key, this.ruler.measureText(text).width);
        }
        return this.widths.get(key) + spacing * [...text].length;
    }

    /** A picture of the text: {canvas, width, height} in CSS pixels, its middle being the text's middle. */
    get(text, style, density) {
        const key = `${text}|${style.font}|${style.spacing}|${style.fill}|${style.halo}|${density}`;
        let sprite = this.kept.get(key);
        if (!sprite) {
            sprite = this.#make(text, style, density);
            if (this.kept.size >= MOST_SPRITES) this.kept.delete(this.kept.keys().next().value);
        } else {
            this.kept.delete(key); // put back at the end: the least used stays in front
        }
        this.kept.set(key, sprite);
        return sprite;
    }

    #make(text, style, density) {
        const edge = style.haloWidth + 2;
        const width = Math.ceil(this.measure(text, style) + 2 * edge);
        const height = Math.ceil(style.size * 1.5 + 2 * edge);
        const canvas = document.createElement("canvas");
        canvas.width = Math.ceil(width * density);
        canvas.height = Math.ceil(height * density);
        const context = canvas.getContext("2d");
        context.scale(density, density);
        context.font = style.font;
        context.letterSpacing = `${style.spacing}px`;
        context.textBaseline = "middle";
        context.lineJoin = "round";
        context.lineWidth = 2 * style.haloWidth;
        context.strokeStyle = style.halo;
        context.strokeText(text, edge, height / 2);
        context.fillStyle = style.fill;
        context.fillText(text, edge, height / 2);
        return { canvas, width, height };
    }
}

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
            setFont(this.ruler, font);
            this.widths.set(key, this.ruler.measureText(text).width);
        }
        return this.widths.get(key) + spacing * [...text].length;
    }

    /**
     * A picture of the text: {canvas, width, height} in CSS pixels, its middle being the text's middle. Where
     * `style.bend` (radians over the whole text) is not 0, the letters stand on an arc.
     */
    get(text, style, density) {
        const look = `${style.font}|${style.spacing}|${style.bend ?? 0}|${style.fill}|${style.halo}`;
        return this.#keep(`${text}|${look}|${density}`, () => this.#make(text, style, density));
    }

    /** A picture of one of the `glyphs`, `look.width` pixels wide. */
    glyph(name, glyphs, look, density) {
        const key = `glyph ${name}|${look.width}|${look.fill}|${look.halo}|${density}`;
        return this.#keep(key, () => drawnGlyph(glyphs[name], glyphs.box, look, density));
    }

    #keep(key, make) {
        let sprite = this.kept.get(key);
        if (!sprite) {
            sprite = make();
            if (this.kept.size >= MOST_SPRITES) this.kept.delete(this.kept.keys().next().value);
        } else {
            this.kept.delete(key); // put back at the end: the least used stays in front
        }
        this.kept.set(key, sprite);
        return sprite;
    }

    #make(text, style, density) {
        const edge = style.haloWidth + 2;
        const long = this.measure(text, style);
        const sag = style.bend ? (long / Math.abs(style.bend)) * (1 - Math.cos(style.bend / 2)) : 0;
        const [width, height] = [Math.ceil(long + 2 * edge), Math.ceil(style.size * 1.5 + 2 * edge + 2 * sag)];
        const { canvas, context } = blankSheet(width, height, density);
        setFont(context, style.font);
        Object.assign(context, { textBaseline: "middle", lineJoin: "round" });
        Object.assign(context, { lineWidth: 2 * style.haloWidth, strokeStyle: style.halo, fillStyle: style.fill });
        context.translate(width / 2, height / 2);
        if (style.bend) this.#bent(context, text, style, long);
        else inTwo(context, (write) => write(text, -long / 2), `${style.spacing}px`);
        return { canvas, width, height };
    }

    /** Letters one by one on an arc: the halo of all of them first. */
    #bent(context, text, style, long) {
        const radius = long / style.bend;
        const letters = [...text];
        const place = (write) => {
            let before = 0;
            letters.forEach((letter, i) => {
                const upTo = this.measure(letters.slice(0, i + 1).join(""), style);
                const angle = ((before + upTo - style.spacing) / 2 / long - 0.5) * style.bend;
                context.save();
                context.translate(radius * Math.sin(angle), radius * (1 - Math.cos(angle)));
                context.rotate(angle);
                write(letter, -(upTo - before - style.spacing) / 2);
                context.restore();
                before = upTo;
            });
        };
        inTwo(context, place, "0px");
    }
}

/** Chromium heeds "small-caps" in a font only where it is said again; browsers that do not know this read the font. */
function setFont(context, font) {
    context.font = font;
    context.fontVariantCaps = font.startsWith("small-caps ") ? "small-caps" : "normal";
}

function blankSheet(width, height, density) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil(width * density);
    canvas.height = Math.ceil(height * density);
    const context = canvas.getContext("2d");
    context.scale(density, density);
    return { canvas, context };
}

/** First the halo of everything, then the ink: no halo lies on a letter. */
function inTwo(context, place, spacing) {
    context.letterSpacing = spacing;
    place((text, x) => context.strokeText(text, x, 0));
    place((text, x) => context.fillText(text, x, 0));
}

function drawnGlyph(data, [boxWidth, boxHeight], { width: wide, fill, halo, haloWidth }, density) {
    const scale = wide / boxWidth;
    const [width, height] = [wide + 2 * haloWidth, boxHeight * scale + 2 * haloWidth];
    const { canvas, context } = blankSheet(width, height, density);
    context.translate(haloWidth, haloWidth);
    context.scale(scale, scale);
    const path = new Path2D(data);
    Object.assign(context, { lineJoin: "round", lineWidth: (2 * haloWidth) / scale });
    Object.assign(context, { strokeStyle: halo, fillStyle: fill });
    context.stroke(path);
    context.fill(path);
    return { canvas, width, height };
}

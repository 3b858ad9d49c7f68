import { faded } from "./geometry.js";
import { Overlay } from "./overlay.js";

/** Rings, spokes and loops: what is drawn over the map for a moment. */
export class Marks {
    constructor() {
        this.aim = false;
        this.overlay = new Overlay();
        this.forget();
    }

    /** Begin anew, on another map. */
    forget() {
        this.hovered = -1;
        this.pointed = ""; // what else the pointer is on, as "road 3"
        this.neighbours = [];
        this.loop = null;
    }

    draw(context, camera, points, choices, theme, colours) {
        this.theme = theme;
        this.colourOf = (item) => colours?.[points.codes?.[item]] ?? theme.ink;
        for (const { op, polygon } of choices.steps) this.#drawLoop(context, camera, polygon, op, 0.06);
        if (this.loop) this.#drawLoop(context, camera, this.loop.polygon, this.loop.op, 0.14);
        if (points.xy) this.#drawItems(context, camera, points, choices);
        if (this.aim) this.#drawAim(context, camera);
    }

    #drawItems(context, camera, points, choices) {
        const place = (i) => {
            const [x, y] = points.at(i);
            return [camera.screenX(x), camera.screenY(y)];
        };
        const radius = Math.max(4, points.radius + 2);
        const told = this.overlay.spreads(choices.selected);
        if (choices.selected !== null && !told) {
            this.#drawSpokes(context, place(choices.selected), this.neighbours.map(place));
            for (const item of this.neighbours) this.#drawItem(context, place(item), item, radius - 2.5);
        }
        if (points.grid) this.#drawOverlay(context, camera, place, { radius, flat: !points.deep });
        if (choices.selected !== null) {
            this.#drawItem(context, place(choices.selected), choices.selected, radius - 1);
            this.#ring(context, place(choices.selected), radius + 3.5, this.theme.accent, 2.6);
        }
        if (this.hovered >= 0) this.#drawItem(context, place(this.hovered), this.hovered, radius - 1.5);
        if (this.hovered >= 0) this.#ring(context, place(this.hovered), radius + 1.5, this.theme.ink, 1.8);
    }

    /** Only on a `flat` map do places have a spot on the screen; items always have. */
    #drawOverlay(context, camera, place, { radius, flat }) {
        const on = {
            context,
            place,
            flat,
            theme: this.theme,
            line: (colour, width) => this.#line(context, colour, width),
            item: (item, more) => this.#drawItem(context, place(item), item, radius - 2.5 + more),
            ring: (where, size, colour, width) => this.#ring(context, where, size, colour, width),
        };
        this.overlay.draw(on, camera);
    }

    /** The item itself, which may be one of those not drawn at this zoom. */
    #drawItem(context, [x, y], item, radius) {
        context.beginPath();
        context.arc(x, y, Math.max(2.4, radius), 0, 2 * Math.PI);
        context.fillStyle = this.colourOf(item);
        context.fill();
        this.#line(context, this.theme.accent, 1.2);
    }

    #drawSpokes(context, [x, y], ends) {
        context.beginPath();
        for (const [endX, endY] of ends) {
            context.moveTo(x, y);
            context.lineTo(endX, endY);
        }
        this.#line(context, this.theme.accent, 1.4);
    }

    #ring(context, [x, y], radius, colour, width) {
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        this.#line(context, colour, width);
    }

    /** Lines lie on a pale bed, so that they are seen on any ground. */
    #line(context, colour, width) {
        context.lineWidth = width + 2;
        context.strokeStyle = faded(this.theme.halo, 0.75);
        context.stroke();
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.stroke();
    }

    #drawLoop(context, camera, polygon, op, opacity) {
        context.beginPath();
        for (const [x, y] of polygon) context.lineTo(camera.screenX(x), camera.screenY(y));
        context.closePath();
        const colour = op === "subtract" ? this.theme.ink : this.theme.accent;
        context.fillStyle = faded(colour, opacity);
        context.fill("evenodd");
        context.setLineDash([6, 4]);
        this.#line(context, colour, 1.5);
        context.setLineDash([]);
    }

    /** The middle of the map, while it is steered by keys: Enter takes what is there. */
    #drawAim(context, { width, height }) {
        const [x, y] = [width / 2, height / 2];
        context.beginPath();
        for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
            context.moveTo(x + 5 * dx, y + 5 * dy);
            context.lineTo(x + 13 * dx, y + 13 * dy);
        }
        this.#line(context, this.theme.ink, 1.6);
    }
}

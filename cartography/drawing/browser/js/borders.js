import { clamp, faded } from "./geometry.js";
import { dash, inSight, nearestLine, Stroke, trace } from "./strokes.js";

const BED = 2.6; // pixels by which the pale bed is wider than the ink on it

/** Where one realm gives way to another: solid where the original space supports it, dashed where not. */
export class Borders {
    constructor() {
        this.lines = [];
    }

    setBorders(borders) {
        this.lines = borders.map((border) => ({ ...border, stroke: new Stroke(border.line) }));
    }

    draw(context, camera, { accent, halo }) {
        const seen = inSight(this.lines, camera);
        if (!seen.length) return;
        const width = borderWidth(camera.zoom);
        context.lineJoin = "round";
        context.beginPath();
        for (const { stroke } of seen) trace(context, stroke, camera);
        outlined(context, faded(halo, 0.5), width + BED);
        const kind = (firm) => seen.filter((border) => border.firm === firm);
        context.beginPath();
        for (const { stroke } of kind(true)) trace(context, stroke, camera);
        outlined(context, faded(accent, 0.9), width);
        dash(context, kind(false), camera, [4.2 * width, 3.2 * width]);
        context.lineCap = "round";
        dash(context, kind(null), camera, [0.1, 2.8 * width]);
        context.lineCap = "butt";
    }

    under(camera, place) {
        return nearestLine(this.lines, camera, place);
    }
}

function borderWidth(zoom) {
    return clamp(1.35 + 0.35 * Math.log2(zoom), 1.1, 2.8);
}

/** Stroke the path under way. */
export function outlined(context, colour, width) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.stroke();
}

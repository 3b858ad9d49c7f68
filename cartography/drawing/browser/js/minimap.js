import { clamp } from "./geometry.js";
import { element } from "./panel.js";

const LARGEST = [168, 128]; // CSS pixels of its width and height at most
const FROM_ZOOM = 1.2; // from which one may lose sight of the whole
const NARROWEST = 620; // CSS pixels of the map's width, below which there is no room for it
const SHARPNESS = 2;

/** The whole land in a corner, with what is in sight as a frame; pointing at it looks there. For the eye alone. */
export class Minimap {
    /** `look(x, y)` moves the view. */
    constructor(look) {
        this.look = look;
        this.canvas = element("canvas", {});
        this.sight = element("i", {});
        this.box = element("div", { className: "minimap", "aria-hidden": "true", hidden: true });
        this.box.append(this.canvas, this.sight);
        this.context = this.canvas.getContext("2d");
        this.box.addEventListener("pointerdown", (event) => this.#begin(event));
        this.box.addEventListener("pointermove", (event) => event.buttons && this.#point(event));
        this.box.addEventListener("wheel", (event) => event.preventDefault(), { passive: false });
    }

    /** Follow the camera; `world` is the square of the terrain, `tiles` its pictures. */
    draw(camera, world, tiles) {
        const hidden = camera.zoom < FROM_ZOOM || camera.width < NARROWEST;
        if (this.box.hidden !== hidden) this.box.hidden = hidden;
        if (hidden) return;
        this.#fit(camera.frame);
        this.#paint(world, tiles);
        this.#mark(camera.window());
    }

    /** As large as there is room, in the shape of the frame. */
    #fit(frame) {
        const key = frame.join();
        if (key === this.fitted) return;
        Object.assign(this, { fitted: key, frame, painted: "" });
        const [west, south, east, north] = frame;
        this.scale = Math.min(LARGEST[0] / (east - west), LARGEST[1] / (north - south));
        this.width = Math.round((east - west) * this.scale);
        this.height = Math.round((north - south) * this.scale);
        Object.assign(this.box.style, { width: `${this.width}px`, height: `${this.height}px` });
        Object.assign(this.canvas, { width: SHARPNESS * this.width, height: SHARPNESS * this.height });
    }

    /** The land from its coarse tiles, painted again only when there are others. */
    #paint({ origin, side }, tiles) {
        const coarse = tiles.coarse();
        const key = coarse.map(({ name, style }) => `${name} ${style}`).join();
        if (key === this.painted) return;
        this.painted = key;
        const [west, , , north] = this.frame;
        const scale = SHARPNESS * this.scale;
        for (const { z, x, y, picture } of coarse) {
            const edge = side / 2 ** z;
            const [left, top] = [origin[0] + x * edge - west, north - (origin[1] + side - y * edge)];
            this.context.drawImage(picture, left * scale, top * scale, edge * scale, edge * scale);
        }
    }

    #mark({ west, east, south, north }) {
        const [frameWest, , , frameNorth] = this.frame;
        const left = clamp((west - frameWest) * this.scale, 0, this.width);
        const right = clamp((east - frameWest) * this.scale, 0, this.width);
        const top = clamp((frameNorth - north) * this.scale, 0, this.height);
        const bottom = clamp((frameNorth - south) * this.scale, 0, this.height);
        const [width, height] = [Math.max(5, right - left), Math.max(5, bottom - top)];
        const style = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
        Object.assign(this.sight.style, { transform: style, width: `${width}px`, height: `${height}px` });
    }

    #begin(event) {
        if (event.button) return;
        event.preventDefault(); // the focus stays where it is
        this.box.setPointerCapture(event.pointerId);
        this.#point(event);
    }

    #point(event) {
        const box = this.canvas.getBoundingClientRect();
        const [west, , , north] = this.frame;
        this.look(west + (event.clientX - box.left) / this.scale, north - (event.clientY - box.top) / this.scale);
    }
}

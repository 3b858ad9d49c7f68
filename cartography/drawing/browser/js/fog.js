import { AROUND } from "./sheet.js";
import { isAbandoned } from "./source.js";

/** Where the map is not faithful: one picture over the whole square, painted by the server. */
export class Fog {
    constructor(changed, failed) {
        Object.assign(this, { changed, failed });
        this.key = "";
        this.picture = null;
    }

    /** Show the fog of another map, or of the same in another look; the old one goes at once. */
    async follow(source, key) {
        if (key === this.key) return;
        this.close();
        this.key = key;
        if (!key) return;
        this.aborter = new AbortController();
        try {
            const picture = await source.fog(key, this.aborter.signal);
            if (key !== this.key) return picture.close();
            this.picture = picture;
            this.changed();
        } catch (error) {
            if (isAbandoned(error)) return;
            if (key === this.key) this.key = ""; // asked for again with the next change
            this.failed(error);
        }
    }

    draw(context, camera, { origin, side }) {
        if (!this.picture) return;
        const [left, top] = [camera.screenX(origin[0]), camera.screenY(origin[1] + side)];
        drawPart(context, this.picture, left, top, side * camera.scale, camera);
    }

    close() {
        this.aborter?.abort();
        this.picture?.close();
        this.picture = null;
        this.key = "";
    }
}

/** Draw only the part of a large picture that is about on screen: enlarging the rest would take long. */
function drawPart(context, picture, left, top, edge, { width, height }) {
    const pixel = edge / picture.width;
    const first = (start) => Math.max(0, Math.floor((-AROUND - start) / pixel) - 1);
    const last = (start, room) => Math.min(picture.width, Math.ceil((room + AROUND - start) / pixel) + 1);
    const [x0, y0, x1, y1] = [first(left), first(top), last(left, width), last(top, height)];
    if (x1 <= x0 || y1 <= y0) return;
    const [w, h] = [x1 - x0, y1 - y0];
    context.drawImage(picture, x0, y0, w, h, left + x0 * pixel, top + y0 * pixel, w * pixel, h * pixel);
}

export const AROUND = 128; // CSS pixels that a sheet reaches beyond the screen on every side
const SCALED = [0.86, 1.3]; // how far a sheet is shrunk or stretched while the map glides through zooms

/**
 * A transparent picture of what is drawn on the land, kept while the map is panned: lines are traced once for
 * many frames. While the map glides through zooms it is stretched a little, and drawn sharp where it rests.
 */
export class Sheet {
    constructor() {
        this.canvas = document.createElement("canvas");
        this.context = this.canvas.getContext("2d");
        this.key = "";
    }

    /** Lay the sheet on `target`; `paint(context)` draws it anew, at the camera's view, where it must be. */
    draw(target, camera, { key, density, gliding }, paint) {
        const { width, height, scale } = camera;
        const wanted = `${key}|${width}|${height}|${density}`;
        if (this.key !== wanted || !this.#covers(camera, gliding)) {
            Object.assign(this, { key: wanted, x: camera.x, y: camera.y, scale });
            this.#repaint(camera, density, paint);
        }
        const ratio = scale / this.scale;
        const snap = (value) => Math.round(value * density) / density;
        const left = snap((this.x - camera.x) * scale + width / 2 - (width / 2 + AROUND) * ratio);
        const top = snap((camera.y - this.y) * scale + height / 2 - (height / 2 + AROUND) * ratio);
        const [wide, high] = [this.canvas.width, this.canvas.height].map((side) => (side / density) * ratio);
        target.drawImage(this.canvas, left, top, wide, high);
    }

    #covers({ x, y, scale, width, height }, gliding) {
        const ratio = scale / this.scale;
        if (ratio !== 1 && !(gliding && ratio > SCALED[0] && ratio < SCALED[1])) return false;
        const roomX = (width / 2 + AROUND) * ratio - width / 2;
        const roomY = (height / 2 + AROUND) * ratio - height / 2;
        return Math.abs(x - this.x) * scale <= roomX && Math.abs(y - this.y) * scale <= roomY;
    }

    #repaint({ width, height }, density, paint) {
        const sides = [width, height].map((side) => Math.ceil((side + 2 * AROUND) * density));
        if (this.canvas.width !== sides[0]) this.canvas.width = sides[0];
        if (this.canvas.height !== sides[1]) this.canvas.height = sides[1];
        this.context.setTransform(1, 0, 0, 1, 0, 0);
        this.context.clearRect(0, 0, ...sides);
        this.context.setTransform(density, 0, 0, density, AROUND * density, AROUND * density);
        paint(this.context);
    }
}

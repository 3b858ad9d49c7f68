import { clamp } from "./geometry.js";

const FARTHEST = 0.5;
const NEAREST = 4000;
const MOST_ASIDE = 0.3;

/** Where one looks from: map units to pixels and back. North is up, so y grows upwards on the map only. */
export class Camera {
    constructor() {
        this.width = 0;
        this.height = 0;
        this.x = 0;
        this.y = 0;
        this.scale = 1;
        this.frame = [0, 0, 1, 1];
        this.aside = 0;
    }

    /** Pixels per map unit at which the whole frame fits, beside what lies `aside` on the left. */
    get homeScale() {
        const [west, south, east, north] = this.frame;
        return Math.min((this.width - this.aside) / (east - west), this.height / (north - south)) || 1;
    }

    get zoom() {
        return this.scale / this.homeScale;
    }

    /** The box the map is drawn in, in CSS pixels. The middle and the zoom stay. */
    resize(width, height) {
        const { zoom } = this; // also one that was asked for before there was a box
        this.width = width;
        this.height = height;
        this.scale = zoom * this.homeScale;
    }

    setFrame(frame) {
        this.frame = frame;
        this.aside = 0;
    }

    /** Keep so many pixels on the left free of land at home; none where that would leave too little. */
    leaveAside(pixels) {
        this.aside = pixels < MOST_ASIDE * this.width ? pixels : 0;
    }

    home() {
        const [west, south, east, north] = this.frame;
        return { x: (west + east) / 2 - this.aside / 2 / this.homeScale, y: (south + north) / 2, zoom: 1 };
    }

    /** The part of the map that is in sight at home, beside what lies aside. */
    get stage() {
        const [west, south, east, north] = this.frame;
        const [width, height] = [(this.width - this.aside) / this.homeScale, this.height / this.homeScale];
        return { x: (west + east) / 2, y: (south + north) / 2, width, height };
    }

    /** Whether this is the view that a map starts with. */
    get atHome() {
        const { x, y, zoom } = this.home();
        const off = Math.hypot(this.x - x, this.y - y) * this.scale;
        return off < 1 && Math.abs(this.zoom / zoom - 1) < 0.001;
    }

    /** Look at a place. Never so far aside that no map is left, never beyond the limits of zoom. */
    look({ x, y, zoom }) {
        const [west, south, east, north] = this.frame;
        this.x = clamp(x, west, east);
        this.y = clamp(y, south, north);
        this.scale = clamp(zoom, FARTHEST, NEAREST) * this.homeScale;
    }

    get place() {
        return { x: this.x, y: this.y, zoom: this.zoom };
    }

    screenX(x) {
        return (x - this.x) * this.scale + this.width / 2;
    }

    screenY(y) {
        return this.height / 2 - (y - this.y) * this.scale;
    }

    mapX(px) {
        return (px - this.width / 2) / this.scale + this.x;
    }

    mapY(py) {
        return (this.height / 2 - py) / this.scale + this.y;
    }

    /** Move the map with the pointer, by pixels. */
    pan(dx, dy) {
        this.look({ x: this.x - dx / this.scale, y: this.y + dy / this.scale, zoom: this.zoom });
    }

    /** Change the zoom; what is under the pixel (px, py) stays there. */
    zoomTo(zoom, px, py) {
        const [x, y] = [this.mapX(px), this.mapY(py)];
        const scale = clamp(zoom, FARTHEST, NEAREST) * this.homeScale;
        this.look({
            x: x - (px - this.width / 2) / scale,
            y: y - (this.height / 2 - py) / scale,
            zoom: scale / this.homeScale,
        });
    }

    /** The part of the map on screen and `margin` pixels around it. */
    window(margin = 0) {
        return {
            west: this.mapX(-margin),
            east: this.mapX(this.width + margin),
            south: this.mapY(this.height + margin),
            north: this.mapY(-margin),
        };
    }

    shows(x, y, margin = 0) {
        const { west, east, south, north } = this.window(-margin);
        return x >= west && x <= east && y >= south && y <= north;
    }
}

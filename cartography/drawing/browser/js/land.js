import { AxisLines } from "./axes.js";
import { Borders } from "./borders.js";
import { Fog } from "./fog.js";
import { Labels } from "./labels.js";
import { Roads } from "./roads.js";
import { Sheet } from "./sheet.js";
import { Sprites } from "./sprites.js";
import { Stories } from "./stories.js";

const NOWHERE = { index: -1, off: Infinity };

/** What lies on the land besides the items: fog, borders, roads, and the names of everything. */
export class Land {
    constructor(changed, failed) {
        const sprites = new Sprites();
        this.borders = new Borders();
        this.roads = new Roads(sprites);
        this.fog = new Fog(changed, failed);
        this.labels = new Labels(sprites);
        this.axes = new AxisLines();
        this.sheet = new Sheet();
        this.version = 0;
    }

    setNames(names, theme, showing) {
        Object.assign(this, { names, theme, stories: new Stories(names, theme) });
        this.borders.setBorders(names.borders);
        this.roads.setRoads(names.roads, names.glyphs);
        this.axes.setAxes(names.axes);
        this.show(showing);
    }

    /** Show other layers of the same land. */
    show(showing) {
        this.showing = showing;
        this.version++;
        if (this.names) this.labels.setNames(this.names, this.theme, showing);
    }

    /** Fog and lines, `share` of them; what lies over the items comes later. */
    drawGround(context, camera, world, { share, density, gliding }) {
        if (!this.names) return;
        const key = `${this.version}|${this.fog.picture ? this.fog.key : ""}`;
        context.globalAlpha = share;
        this.sheet.draw(context, camera, { key, density, gliding }, (sheet) =>
            this.#paint(sheet, camera, world, density));
        context.globalAlpha = 1;
    }

    #paint(context, camera, world, density) {
        const { showing, theme } = this;
        if (showing.shows("fog")) this.fog.draw(context, camera, world);
        if (showing.shows("borders")) this.borders.draw(context, camera, theme);
        if (showing.shows("roads")) this.roads.draw(context, camera, theme, density);
    }

    /** What the sides of the map mean, above all else on the land. */
    drawAxes(context, camera) {
        if (this.names && this.showing.shows("axes")) this.axes.draw(context, camera, this.theme);
    }

    /** The road and the border nearest to a place on screen, {px, py, reach}: {index, off} of each. */
    linesUnder(camera, place) {
        const { showing } = this;
        if (!this.names) return [NOWHERE, NOWHERE];
        return ["roads", "borders"].map((layer) =>
            showing.shows(layer) ? this[layer].under(camera, place) : NOWHERE);
    }

    /** The layers that are there and not hidden. */
    get layers() {
        const { names, showing } = this;
        if (!names) return [];
        const there = {
            items: true,
            fog: this.fog.picture,
            borders: names.borders.length,
            roads: names.roads.length,
            realms: names.realms.length,
            towns: names.towns.length,
            dragons: names.dragons.length,
        };
        return Object.keys(there).filter((layer) => there[layer] && showing.shows(layer));
    }
}

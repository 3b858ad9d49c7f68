/**
 * How one arrangement of items becomes another, by the straightest way: the whole of it turns about its middle, and
 * what turning does not explain is made up on the way. Coordinates are x and y by turns.
 */
export class Turn {
    constructor(from, to) {
        Object.assign(this, { from, to });
        this.start = middle(from);
        this.end = middle(to);
        this.angle = angleBetween(from, this.start, to, this.end);
    }

    /** Write where the items are a share of the way, 0 to 1, into `xy`. */
    at(share, xy) {
        const { from, to, start, end, angle } = this;
        const [nowCos, nowSin] = [Math.cos(angle * share), Math.sin(angle * share)];
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const centre = [0, 1].map((axis) => start[axis] + (end[axis] - start[axis]) * share);
        for (let i = 0; i < xy.length; i += 2) {
            const [x, y] = [from[i] - start[0], from[i + 1] - start[1]];
            const restX = to[i] - end[0] - (cos * x - sin * y);
            const restY = to[i + 1] - end[1] - (sin * x + cos * y);
            xy[i] = centre[0] + nowCos * x - nowSin * y + share * restX;
            xy[i + 1] = centre[1] + nowSin * x + nowCos * y + share * restY;
        }
    }
}

function middle(xy) {
    const sums = [0, 0];
    for (let i = 0; i < xy.length; i++) sums[i & 1] += xy[i];
    return sums.map((sum) => sum / Math.max(1, xy.length / 2));
}

/** The turn that brings one arrangement closest to the other (Procrustes), between half a circle either way. */
function angleBetween(from, [fromX, fromY], to, [toX, toY]) {
    let [along, across] = [0, 0];
    for (let i = 0; i < from.length; i += 2) {
        const [x, y, u, v] = [from[i] - fromX, from[i + 1] - fromY, to[i] - toX, to[i + 1] - toY];
        along += x * u + y * v;
        across += x * v - y * u;
    }
    return Math.atan2(across, along);
}

const EVERYTHING = { hidden: [], fantasyNames: false };

/** Which layers and furniture are seen, and how names are spelled. */
export class Showing {
    constructor({ hidden, fantasyNames } = EVERYTHING) {
        this.hidden = new Set(hidden);
        this.fantasyNames = fantasyNames;
        this.key = `${[...this.hidden].sort().join(",")}|${fantasyNames}`;
    }

    shows(part) {
        return !this.hidden.has(part);
    }

    /** What a realm or town is called on the map. */
    nameOf({ name, spelled }) {
        return this.fantasyNames ? (spelled ?? name) : name;
    }
}

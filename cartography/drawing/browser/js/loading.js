import { isAbandoned } from "./source.js";

const ENOUGH = 20000; // items after which a first picture is a fair sample

/** Fetches what a world is made of. A later world lets go of an earlier one. */
export class Loading {
    /** `does` has named(names), arrived(), done() and failed(error). */
    constructor(does) {
        this.does = does;
    }

    stop() {
        this.aborter?.abort();
    }

    /** Fetch names, and points, codes and grades where `wants` says so. */
    async load(source, data, points, wants) {
        this.stop();
        this.aborter = new AbortController();
        const { signal } = this.aborter;
        const jobs = [this.#look(source, wants.codes && { wide: data.wide }, points, signal)];
        if (wants.grades) jobs.push(this.#grades(source, data.keys.grades, points, signal));
        if (wants.points) jobs.push(this.#points(source, data.count, points, signal));
        try {
            await Promise.all(jobs);
            this.does.done();
        } catch (error) {
            if (!isAbandoned(error)) this.does.failed(error);
        }
    }

    /** Colours and the codes that they are for change at the same moment, or items would flash in wrong ones. */
    async #look(source, codes, points, signal) {
        const fetched = [source.names(signal), codes && source.codes(codes.wide, signal)];
        const [names, array] = await Promise.all(fetched);
        if (array) points.setCodes(array);
        this.does.named(names);
    }

    /** How large items are; all alike where nothing names their sizes. */
    async #grades(source, key, points, signal) {
        points.grades = key ? await source.grades(signal) : null;
    }

    /** Points come the most telling first: draw as soon as there are enough, and more as more arrive. */
    async #points(source, count, points, signal) {
        const arrived = (xy, loaded) => {
            const first = !points.loaded;
            if (first && loaded < Math.min(count, ENOUGH)) return;
            points.receive(xy, loaded);
            if (first) this.does.arrived();
        };
        points.complete(await source.points(count, arrived, signal));
    }
}

/** What goes back to Python; some of it only once it has rested for a while, because every report runs a script. */
export class Report {
    constructor() {
        this.waiting = new Map();
        this.connect(() => {}, () => {});
        this.connected = false;
    }

    /** Streamlit hands over new functions with every call. */
    connect(setState, fire) {
        this.state = setState;
        this.fire = fire;
        this.connected = true;
    }

    /** Report a state after `wait` ms without another report of the same name. */
    soon(name, wait, value) {
        clearTimeout(this.waiting.get(name)?.timer);
        this.waiting.set(name, { value, timer: setTimeout(() => this.#tell(name), wait) });
    }

    /** Report now what is still waiting of these. */
    flush(...names) {
        for (const name of names) if (this.waiting.has(name)) this.#tell(name);
    }

    #tell(name) {
        const { timer, value } = this.waiting.get(name);
        clearTimeout(timer);
        this.waiting.delete(name);
        this.state(name, value());
    }

    close() {
        for (const { timer } of this.waiting.values()) clearTimeout(timer);
    }
}

/** What goes back to Python; some of it only once it has rested for a while, because every report runs a script. */
export class Report {
    constructor() {
        this.timers = new Map();
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
        clearTimeout(this.timers.get(name));
        this.timers.set(name, setTimeout(() => this.state(name, value()), wait));
    }

    close() {
        for (const timer of this.timers.values()) clearTimeout(timer);
    }
}

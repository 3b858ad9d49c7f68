import { Lost } from "./source.js";

const LOST = "This map was put away. Reload to open it again.";
const UNFETCHED = "The map could not be fetched. Is the server still running?";

/** What is said over the map: that it is being drawn, that it could not be fetched, that it was put away. */
export class Notices {
    /** `again` fetches everything once more. */
    constructor(view, again) {
        Object.assign(this, { view, again });
        this.lost = null;
    }

    say(text, kind, action) {
        this.view.panel.showNotice(text, kind, action);
        this.view.root.dataset.notice = text ? kind : "";
    }

    failed(error) {
        const { points, data, loading, report } = this.view;
        if (!(error instanceof Lost)) {
            console.warn("map:", error);
            if (points?.ready) return; // the map is there; what is missing is asked for again
            return this.say(UNFETCHED, "error", { label: "Try again", act: this.again });
        }
        if (this.lost === data.base) return;
        this.lost = data.base;
        loading.stop();
        this.say(LOST, "lost", { label: "Reload", act: () => location.reload() });
        report.fire("lost", data.base);
    }
}

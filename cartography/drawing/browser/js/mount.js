import { Report } from "./report.js";
import { ServerSource } from "./source.js";
import { MapView } from "./view.js";

const views = new WeakMap();

/**
 * Streamlit calls this at the start and again whenever data or theme changed, always with the same parent: one
 * view lives there. What a call returns may be run while a later call is already drawing; so the view
 * closes only when its parent has really left the page.
 */
export default function mount({ data, parentElement, setStateValue, setTriggerValue }) {
    if (!views.has(parentElement)) {
        const root = document.createElement("div");
        root.className = "map";
        parentElement.append(root);
        const view = new MapView(root, new Report(), ({ base, keys }) => new ServerSource(base, keys.style));
        root.view = view;
        views.set(parentElement, view);
    }
    const view = views.get(parentElement);
    view.report.connect(setStateValue, setTriggerValue);
    view.apply(data);
    return () => setTimeout(() => leave(parentElement, view));
}

function leave(parentElement, view) {
    if ((parentElement.host ?? parentElement).isConnected) return;
    view.close();
    views.delete(parentElement);
}

import { element } from "./panel.js";
import { Report } from "./report.js";
import { SavedSource } from "./saved.js";
import { MapView } from "./view.js";

/** An offline page: the map fills it, and there is nobody to report to. */
export default function open() {
    const saved = JSON.parse(document.getElementById("map").textContent);
    const root = document.createElement("div");
    root.className = "map";
    document.body.append(root);
    const source = new SavedSource(saved);
    root.view = new MapView(root, new Report(), () => source);
    root.view.apply(saved.facts);
    if (saved.looks.note) root.append(element("p", { className: "said", text: saved.looks.note }));
}

import { counted } from "./geometry.js";

const RANK_NAMES = ["capital", "city", "town", "village", "hamlet"];
const FANTASY = { road: "Road", ferry: "Ferry", dragons: "Here be dragons" };
const SOBER = { road: "Link", ferry: "Link across empty ground", dragons: "Remote items" };
const VERDICTS = new Map([
    [true, "so it is firm"],
    [false, "so it is dashed"],
]);

/** What is said of the things on the map when somebody points at them; names are the real ones. */
export class Stories {
    constructor(names, theme) {
        Object.assign(this, { names, words: theme.fantasy ? FANTASY : SOBER });
        const groups = (names.legend.groups ?? []).map(({ code, name }) => [code, name]);
        this.groups = new Map([...groups, ...names.realms.map(({ code, name }) => [code, name])]);
    }

    /** {key, title, text, fields, item} of a thing: {kind, index}. */
    of({ kind, index }) {
        return { key: `${kind} ${index}`, fields: [], ...this[kind](index) };
    }

    border(index) {
        const { codes, support, chance, pairs, firm } = this.names.borders[index];
        const [one, other] = codes.map((code) => this.groups.get(code) ?? `group ${code + 1}`);
        const title = `Border of ${one} and ${other}`;
        if (support === null) return { title, text: "How well it holds was not measured, so it is dotted." };
        const share = `${percent(support)} of ${counted(pairs)} neighbour pairs stay on their side`;
        return { title, text: `${share} (chance ${percent(chance)}), ${VERDICTS.get(firm)}.` };
    }

    road(index) {
        const { towns, strength, links, ferry } = this.names.roads[index];
        const [from, to] = towns.map((town) => this.names.towns[town].name);
        const times = strength === null ? "many times" : `${brief(strength)} times`;
        const text = `${times} as many neighbour links as chance (${counted(links)})`;
        const torn = ferry ? "; the map tore these apart." : ".";
        return { title: `${this.words[ferry ? "ferry" : "road"]} from ${from} to ${to}`, text: text + torn };
    }

    dragon(index) {
        const { population, distance, item } = this.names.dragons[index];
        const items = population === 1 ? "1 item that is" : `${counted(population)} items that are`;
        const times = `${population === 1 ? "it" : "the loneliest"} is ${brief(distance ?? 0)} times as far`;
        const far = distance === null ? "" : `; ${times} from its nearest ones as usual`;
        return { title: this.words.dragons, text: `${items} near nothing${far}.`, item };
    }

    town(index) {
        const { name, spelled, population, rank, realm, item } = this.names.towns[index];
        const fields = [["Items", counted(population)], ["Rank", RANK_NAMES[rank]]];
        if (this.groups.has(realm)) fields.push(["Realm", this.groups.get(realm)]);
        if (spelled) fields.unshift(["Real name", name]);
        return { title: spelled ?? name, fields, item };
    }
}

function percent(share) {
    return `${Math.round(100 * share)} %`;
}

/** Two digits, and more only before the point. */
function brief(value) {
    return value >= 100 ? counted(Math.round(value)) : String(Number(value.toPrecision(2)));
}

// Reads diagrams with Mermaid's own parser: `node parse.mjs FILE…`. Fails on the first one that it does not take.
import fs from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid looks for a browser as soon as it is loaded.
const { window } = new JSDOM("");
Object.assign(globalThis, { window, document: window.document });
const { default: mermaid } = await import("mermaid");

for (const file of process.argv.slice(2)) {
    const { diagramType } = await mermaid.parse(fs.readFileSync(file, "utf8"));
    if (diagramType !== "er") throw new Error(`${file}: ${diagramType}`);
    console.log(file);
}

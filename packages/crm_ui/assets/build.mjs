// Builds everything a browser loads into ../src/crm_ui/static/dist: hashed names, a manifest, gzip twins.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const OUT = join(import.meta.dirname, "../src/crm_ui/static/dist");
const MODULES = join(import.meta.dirname, "node_modules");
const FONTS = [
  "@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2",
  "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
];
const LICENCES = {
  "vazirmatn-LICENSE.txt": "@fontsource-variable/vazirmatn/LICENSE",
  "inter-LICENSE.txt": "@fontsource-variable/inter/LICENSE",
  "lucide-LICENSE.txt": "lucide-static/LICENSE",
  "htmx-LICENSE.txt": "htmx.org/LICENSE",
  "sortablejs-LICENSE.txt": "sortablejs/LICENSE",
  "tiptap-LICENSE.txt": "@tiptap/core/LICENSE.md",
  "prosemirror-LICENSE.txt": "prosemirror-model/LICENSE",
  "dompurify-LICENSE.txt": "dompurify/LICENSE",
  "jalaali-js-LICENSE.txt": "jalaali-js/LICENSE",
};
const PACKED = [".woff2", ".webp"];
const BROWSERS = ["chrome125", "firefox128", "safari18"];

const manifest = {};

/** Write `bytes` under a name that carries its hash, beside a gzip twin where that pays. */
async function publish(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const extension = extname(name);
  const hashed = `${basename(name, extension)}.${hash}${extension}`;
  await writeFile(join(OUT, hashed), bytes);
  if (!PACKED.includes(extension)) await writeFile(join(OUT, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  manifest[name] = hashed;
  return hashed;
}

/** One `<symbol>` per line of icons.txt, plus the hand-drawn ones in icons/ (brand and stage pies). */
async function sprite() {
  const names = (await readFile("icons.txt", "utf8")).split("\n").filter(Boolean);
  const own = (await readdir("icons")).map((file) => [basename(file, ".svg"), join("icons", file)]);
  const all = [...names.map((name) => [name, join(MODULES, `lucide-static/icons/${name}.svg`)]), ...own];
  const symbols = await Promise.all(all.map(async ([name, file]) => symbol(name, await readFile(file, "utf8"))));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

function symbol(name, svg) {
  const inner = svg.replace(/<!--.*?-->/gs, "").match(/<svg[^>]*>(.*)<\/svg>/s)[1].replace(/\s+/g, " ").replace(/> </g, "><").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}

async function bundle(entry, { external = [], format = "iife" } = {}) {
  const result = await build({
    entryPoints: [entry], bundle: true, minify: true, write: false, external, target: BROWSERS, format, legalComments: "none",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
let css = (await bundle("css/app.css", { external: ["*.woff2"] })).toString();
for (const font of FONTS) {
  const hashed = await publish(basename(font), await readFile(join(MODULES, font)));
  css = css.replaceAll(`../fonts/${basename(font)}`, hashed);
}
await publish("app.css", Buffer.from(css));
await publish("app.js", await bundle("js/app.js"));
await publish("editor.js", await bundle("js/editor.js", { format: "esm" }));
await publish("sprite.svg", Buffer.from(await sprite()));
await publish("favicon.svg", await readFile("favicon.svg"));
await publish("axe.min.js", await readFile(join(MODULES, "axe-core/axe.min.js")));
for (const language of await readdir("guide").catch(() => [])) {
  for (const file of await readdir(join("guide", language))) await publish(`guide-${language}-${file}`, await readFile(join("guide", language, file)));
}
for (const [name, file] of Object.entries(LICENCES)) await copyFile(join(MODULES, file), join(OUT, name));
await writeFile(join(OUT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

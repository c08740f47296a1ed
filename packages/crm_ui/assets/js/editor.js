// The editor of formatted text, fetched only where there is one. It builds its document from nodes and never from text,
// so that no markup is read in the browser but what DOMPurify has cleaned.
import { Editor, getSchema } from "@tiptap/core";
import Image from "@tiptap/extension-image";
import { TableKit } from "@tiptap/extension-table";
import TextAlign from "@tiptap/extension-text-align";
import { DOMParser as DocumentReader } from "@tiptap/pm/model";
import StarterKit from "@tiptap/starter-kit";
import DOMPurify from "dompurify";

const ALLOWED = {
  ALLOWED_TAGS: [
    "p", "br", "strong", "b", "em", "i", "u", "s", "a", "ul", "ol", "li", "blockquote", "pre", "code", "h2", "h3", "h4", "hr", "table",
    "thead", "tbody", "tr", "th", "td", "img",
  ],
  ALLOWED_ATTR: ["href", "src", "alt", "colspan", "rowspan", "start", "dir", "align"],
  RETURN_DOM_FRAGMENT: true,
};
const PROTOCOLS = ["http", "https", "mailto", "tel"];
const OWN_PICTURE = /^\/files\/[0-9a-f]{48}\/preview$/;

/** Alignment as an attribute: style attributes are not kept. */
const Align = TextAlign.extend({
  addGlobalAttributes() {
    const { types, alignments } = this.options;
    const parseHTML = (element) => (alignments.includes(element.getAttribute("align")) ? element.getAttribute("align") : null);
    const renderHTML = ({ textAlign }) => (textAlign ? { align: textAlign } : {});
    return [{ types, attributes: { textAlign: { default: null, parseHTML, renderHTML } } }];
  },
});

/** Only pictures that went through the file door: others would not show, and would tell their host who reads. */
const OwnImage = Image.extend({
  parseHTML: () => [{ tag: "img[src]", getAttrs: (element) => OWN_PICTURE.test(element.getAttribute("src")) && null }],
});

const extensions = () => [
  StarterKit.configure({
    heading: { levels: [2, 3, 4] },
    link: { openOnClick: false, autolink: true, protocols: PROTOCOLS, defaultProtocol: "https", HTMLAttributes: { target: null, rel: null } },
  }),
  Align.configure({ types: ["heading", "paragraph"], alignments: ["left", "right", "center"] }),
  TableKit.configure({ table: { resizable: false } }),
  OwnImage,
];

/** An editor in `place` with the nodes of `content`; `onChange` gets the markup, empty when there is nothing. */
export function open(place, content, attributes, onChange, onState) {
  const known = extensions();
  const schema = getSchema(known);
  const editor = new Editor({
    element: place,
    extensions: known,
    content: DocumentReader.fromSchema(schema).parse(content).toJSON(),
    injectCSS: false,
    editorProps: { attributes, handleDOMEvents: { paste: (view, event) => take(view, event, event.clipboardData), drop: onDrop } },
    onUpdate: () => onChange(editor.isEmpty ? "" : editor.getHTML().replace(/(<p><\/p>)+$/, "")),
    onTransaction: () => onState(editor),
  });
  return editor;
}

/**
 * Puts the nodes of `now` where the document has those of `was`; where somebody changed those, nothing happens. What had none
 * gets them above the first quotation, or at its end where they belong `below` or nothing is quoted.
 */
export function exchange(editor, was, now, below) {
  const { doc, schema, tr } = editor.state;
  const read = (content) => (content.textContent.trim() || content.querySelector("img") ? DocumentReader.fromSchema(schema).parse(content).content : null);
  const [old, fresh] = [read(was), read(now)];
  const starts = [];
  doc.forEach((_, offset) => starts.push(offset));
  const quote = starts.findIndex((_, at) => doc.child(at).type.name === "blockquote");
  let at = below || quote < 0 ? starts.length : Math.max(0, quote - 1);
  if (old) at = starts.findIndex((_, first) => [...Array(old.childCount).keys()].every((n) => doc.maybeChild(first + n)?.eq(old.child(n))));
  if (at < 0 || !(old || fresh)) return;
  const from = starts[at] ?? doc.content.size;
  editor.view.dispatch(tr.replaceWith(from, from + (old?.size ?? 0), fresh ?? []));
}

/** What the nodes say in the editor's own way, to be put into it. */
export const read = (editor, nodes) => DocumentReader.fromSchema(editor.schema).parse(nodes).toJSON().content;

function onDrop(view, event) {
  if (view.dragging) return false;
  const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
  if (at) view.dispatch(view.state.tr.setSelection(view.state.selection.constructor.near(view.state.doc.resolve(at.pos))));
  return take(view, event, event.dataTransfer);
}

/** Takes in formatted text without the looks of where it was; plain text and files are left to others. */
function take(view, event, data) {
  const markup = data?.getData("text/html");
  if (!markup || view.state.selection.$from.parent.type.spec.code) return false;
  event.preventDefault();
  const nodes = document.createElement("div");
  nodes.append(DOMPurify.sanitize(markup, ALLOWED));
  const slice = DocumentReader.fromSchema(view.state.schema).parseSlice(nodes, { preserveWhitespace: false });
  view.dispatch(view.state.tr.replaceSelection(slice).scrollIntoView().setMeta("paste", true));
  return true;
}

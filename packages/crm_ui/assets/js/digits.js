// Digits of any script in, digits of the reader out.
const PERSIAN = "۰۱۲۳۴۵۶۷۸۹";
const ARABIC = "٠١٢٣٤٥٦٧٨٩";

export const toLatin = (text) => text.replace(/[۰-۹٠-٩]/g, (d) => String(PERSIAN.includes(d) ? PERSIAN.indexOf(d) : ARABIC.indexOf(d)));

export const inDigits = (text) =>
  document.documentElement.dataset.digits === "persian" ? String(text).replace(/\d/g, (d) => PERSIAN[d]) : String(text);

export const numbering = () => (document.documentElement.dataset.digits === "persian" ? "arabext" : "latn");

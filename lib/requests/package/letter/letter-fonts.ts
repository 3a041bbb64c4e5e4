import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

/** What stands in place of a sign that the fonts lack, in every reader the same. */
export const missingSign = "\u{fffd}";

/** Regular and bold of Noto Sans (OFL 1.1): Latin with all its accents, Greek, Cyrillic, Vietnamese, Devanagari. */
export function readLetterFonts(): Promise<{ regular: Buffer; bold: Buffer }> {
  const folder = path.dirname(
    createRequire(import.meta.url).resolve("@expo-google-fonts/noto-sans/package.json"),
  );
  const read = (style: string) => readFile(path.join(folder, style, `NotoSans_${style}.ttf`));
  return Promise.all([read("400Regular"), read("700Bold")]).then(([regular, bold]) => ({ regular, bold }));
}

/** The font that a document is being written with, as far as pdfkit shows it. */
interface WithFont {
  _font: { font: { hasGlyphForCodePoint(code: number): boolean } };
}

/** A text in the signs that the document's present font has: another stands as `missingSign`. */
export function writable(pdf: PDFKit.PDFDocument, text: string): string {
  const { font } = (pdf as unknown as WithFont)._font;
  return [...text.normalize("NFC")]
    .map((sign) =>
      sign === "\n" || font.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0) ? sign : missingSign,
    )
    .join("");
}

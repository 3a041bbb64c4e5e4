import type { LetterLanguage } from "./grounds/ground.ts";
import type { Regime } from "./regimes.ts";

/** To whom the person may complain, and what a court may be asked for: it belongs to every refusal (Art. 12(4) GDPR). */
export const remedies: Record<Regime, Record<LetterLanguage, (authority: string | null) => string>> = {
  eu: {
    en: (authority) =>
      `You have the right to lodge a complaint with a supervisory authority (Art. 77 GDPR)${named(authority)} and the right to an effective judicial remedy (Art. 79 GDPR).`,
    de: (authority) =>
      `Sie haben das Recht auf Beschwerde bei einer Aufsichtsbehörde (Art. 77 DSGVO)${named(authority)} und das Recht auf einen wirksamen gerichtlichen Rechtsbehelf (Art. 79 DSGVO).`,
  },
  uk: {
    en: (authority) =>
      `You may complain to us, you have the right to lodge a complaint with the Information Commissioner (Art. 77 UK GDPR)${named(authority)} and the right to an effective judicial remedy (Art. 79 UK GDPR, section 167 of the Data Protection Act 2018).`,
    de: (authority) =>
      `Sie können sich bei uns beschweren; Sie haben das Recht auf Beschwerde beim Information Commissioner (Art. 77 UK-DSGVO)${named(authority)} und das Recht auf einen wirksamen gerichtlichen Rechtsbehelf (Art. 79 UK-DSGVO, section 167 Data Protection Act 2018).`,
  },
  california: {
    en: (authority) =>
      `You may file a complaint with the California Privacy Protection Agency or the Attorney General of California${named(authority)}; your right to a judicial remedy, as far as the law gives one, remains.`,
    de: (authority) =>
      `Sie können sich bei der California Privacy Protection Agency oder beim Attorney General von Kalifornien beschweren${named(authority)}; Ihr Recht auf gerichtlichen Rechtsschutz, soweit das Gesetz ihn gewährt, bleibt bestehen.`,
  },
};

const named = (authority: string | null) => (authority === null ? "" : ` (${authority})`);

import { askFor, recordOf } from "./awaited.ts";

const words = "a fee";

/** A reasonable fee was asked for (Art. 12(5)(a) GDPR): the clock of the United Kingdom begins with its payment. */
export const askFee = askFor({ name: "request.ask_fee", kind: "fee", event: "fee_asked", words });

export const recordFee = recordOf({ name: "request.record_fee", kind: "fee", event: "fee_paid", words });

/** What a kind of request is, by law and in what it does. */
export interface RequestKindFacts {
  title: string;
  /** Of the GDPR. */
  article: string;
  /** Whether carrying it out destroys something: whoever does proves again that it is they, and types a phrase. */
  destructive: boolean;
  /** Whether something is handed to the person. */
  package: boolean;
}

/** The kinds there are. A further one is a line here; what it does is its job's (lib/requests/work.ts). */
export const requestKinds = {
  access: { title: "Access", article: "15", destructive: false, package: true },
  portability: { title: "Portability", article: "20", destructive: false, package: true },
  erasure: { title: "Erasure", article: "17", destructive: true, package: false },
} as const satisfies Record<string, RequestKindFacts>;

export type RequestKind = keyof typeof requestKinds;
export const requestKindNames = Object.keys(requestKinds) as RequestKind[];

/** Why the console cannot start: one paragraph that says what to do. Shown without a stack trace. */
export class Refusal extends Error {
  /** 2: what was asked is wrong (the environment); 1: the machine stands in the way. */
  readonly exitCode: 1 | 2;
  constructor(paragraph: string, exitCode: 1 | 2 = 1) {
    super(paragraph);
    this.name = "Refusal";
    this.exitCode = exitCode;
  }
}

export interface EventsDay {
  /** UTC date, YYYY-MM-DD. */
  day: string;
  retentionPolicy: string;
  events: number;
}

export interface EventsPerDay {
  /** First instant counted (UTC midnight) and the instant the count ends. */
  from: Date;
  to: Date;
  policies: string[];
  /** Days without an event of a policy are left out. Oldest first. */
  days: EventsDay[];
  total: number;
}

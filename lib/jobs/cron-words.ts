const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/**
 * A cron expression of five fields as people say it: "every day at 03:15". Null for what needs more than a short
 * sentence; the expression itself and its next runs say it better then.
 */
export function cronWords(cron: string): string | null {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== 5) return null;
  const [minute = "", hour = "", day = "", month = "", weekday = ""] = fields;
  const everyDay = day === "*" && month === "*" && weekday === "*";
  if (everyDay && hour === "*") return withinHour(minute);
  const every = step(hour, 24);
  if (everyDay && every && number(minute, 59) !== null)
    return `every ${every === 1 ? "hour" : `${every} hours`} at minute ${number(minute, 59)}`;
  const at = clockTimes(minute, hour);
  const on = at && daysOf(day, month, weekday);
  return on ? `${on} at ${at}` : null;
}

function withinHour(minute: string): string | null {
  const every = step(minute, 60);
  if (every) return every === 1 ? "every minute" : `every ${every} minutes`;
  const at = number(minute, 59);
  if (at === null) return null;
  return at === 0 ? "every hour" : `every hour at minute ${at}`;
}

/** Steps that do not divide the whole are uneven at its end: those have no short words. */
function step(field: string, whole: number): number | null {
  if (field === "*") return 1;
  const every = Number(/^\*\/(\d{1,2})$/.exec(field)?.[1] ?? 0);
  return every > 0 && whole % every === 0 ? every : null;
}

function clockTimes(minute: string, hour: string): string | null {
  const at = number(minute, 59);
  const hours = hour.split(",").map((text) => number(text, 23));
  if (at === null || hours.some((each) => each === null)) return null;
  return list(hours.map((each) => `${two(each ?? 0)}:${two(at)}`));
}

function daysOf(day: string, month: string, weekday: string): string | null {
  if (weekday !== "*") return day === "*" && month === "*" ? weekdays(weekday) : null;
  if (day === "*") return month === "*" ? "every day" : null;
  const which = number(day, 31);
  if (which === null || which === 0) return null;
  if (month === "*") return `on day ${which} of every month`;
  const name = months[(number(month, 12) ?? 0) - 1];
  return name ? `on ${which} ${name}` : null;
}

function weekdays(field: string): string | null {
  const range = /^([0-7])-([0-7])$/.exec(field);
  if (range) return `${dayName(range[1])} to ${dayName(range[2])}`;
  const names = field.split(",").map(dayName);
  return names.every((name) => name !== undefined) ? `every ${list(names)}` : null;
}

function dayName(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^[0-7]$/.test(text)) return days[Number(text) % 7];
  return days.find((name) => name.slice(0, 3).toLowerCase() === text.toLowerCase());
}

function number(text: string, most: number): number | null {
  return /^\d{1,2}$/.test(text) && Number(text) <= most ? Number(text) : null;
}

const two = (value: number) => String(value).padStart(2, "0");
const list = (words: (string | undefined)[]) =>
  new Intl.ListFormat("en-GB").format(words.map((word) => word ?? ""));

import { expect, test } from "vitest";
import { reasonInput } from "./reason.ts";

test.each([
  "Ticket AUD-1234",
  "case 4711",
  "AUD-1234",
  "HR audit",
  "asked by the person",
  "Request of the person, case 4711.",
  "DSAR from Mr. Ng",
  "GDPR Art. 15",
  "Žádost subjektu údajů č. 12",
  "Запрос субъекта данных",
  "αίτημα του υποκειμένου",
  "طلب من صاحب البيانات",
  "בקשת נושא המידע",
  "व्यक्ति का अनुरोध",
  "本人からの開示請求",
  "客户要求查询",
  "工单 1234",
  "정보주체의 요청",
  "คำขอของเจ้าของข้อมูล",
])("%j is a reason", (text) => {
  expect(reasonInput.parse(text)).toBe(text.normalize("NFC"));
});

test.each([
  "",
  "     ",
  "fraud",
  "aaaaa",
  "aaaaa bbbbb",
  "aaaaa 1",
  "a b c d e f g",
  "blabla blabla",
  "asdf asdf",
  "asdf jkl",
  "asd fgh",
  "qwertz uiop",
  "йцукен фыва",
  "abc def",
  "12345 67890",
  "1 2 3 4 5 6",
  "test test test",
  "......",
  "!!! ???",
  "🙂 🙂🙂",
  "\u200b\u200b\u200b\u200b\u200b",
  "ああああ",
])("%j says nothing and is told what to write", (text) => {
  const { success, error } = reasonInput.safeParse(text);
  expect(success).toBe(false);
  expect(error?.issues.map(({ message }) => message)).toEqual([
    "say why in at least two words: name the ticket or the request, such as “Ticket AUD-1234”",
  ]);
});

test("a reason is one line without anything a reader cannot see", () => {
  expect(reasonInput.parse("  Ticket\t\n AUD-1234\u0000\u202e (asked\u00a0 by\r\nphone)  ")).toBe(
    "Ticket AUD-1234 (asked by phone)",
  );
  expect(reasonInput.parse("Cafe\u0301 request")).toBe("Café request");
  expect(reasonInput.safeParse(`why ${"x y ".repeat(125)}`).success).toBe(false);
  expect(reasonInput.safeParse("Ticket \ud800 AUD-1234").success).toBe(false);
});

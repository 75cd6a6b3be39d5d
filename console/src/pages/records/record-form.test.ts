import assert from "node:assert/strict";
import { test } from "node:test";
import type { CrmField } from "../../api/crm.ts";
import { formFields, inputKind, inputOf, readForm, valueOf } from "./record-form.ts";

function field(api_name: string, data_type: string, more: Partial<CrmField> = {}): CrmField {
  return {
    api_name,
    field_label: api_name,
    data_type,
    json_type: "string",
    read_only: false,
    system_mandatory: false,
    custom_field: false,
    length: null,
    pick_list_values: [],
    lookup: {},
    view_type: { view: true, edit: true, create: true },
    ...more,
  };
}

const stage = field("Stage", "picklist", { pick_list_values: [{ display_value: "Won", actual_value: "Won" }], system_mandatory: true });

test("a form has the writable fields, those that must be filled first and those that only JSON can say last", () => {
  const fields = [field("Lines", "subform"), field("Amount", "currency"), field("Made", "datetime", { read_only: true }), stage];
  assert.deepEqual(
    formFields(fields, true).map(({ api_name: name }) => name),
    ["Stage", "Amount", "Lines"],
  );
});

test("a pick list without values is typed", () => {
  assert.equal(inputKind(field("Currency", "picklist")), "text");
  assert.equal(inputKind(stage), "choice");
});

test("what an input holds makes the way to the wire and back", () => {
  const cases = [
    [field("A", "currency"), 12.5, "12.5"],
    [field("A", "boolean"), true, "true"],
    [field("A", "lookup"), { id: "554023000100000007" }, "554023000100000007"],
    [field("A", "multiselectpicklist"), ["a", "b"], "a\nb"],
    [field("A", "textarea"), "<script>alert(1)</script>", "<script>alert(1)</script>"],
    [field("A", "subform"), [{ x: 1 }], '[{"x":1}]'],
  ] as const;
  for (const [of, value, input] of cases) {
    assert.equal(inputOf(of, value), input);
    assert.deepEqual(valueOf(of, input), { ok: true, value });
  }
  assert.equal(inputOf(field("A", "datetime"), "2026-11-26T00:28:21+05:30"), "2026-11-25T18:58:21.000Z");
  assert.deepEqual(valueOf(field("A", "datetime"), "2026-11-25T18:58:21.000Z"), { ok: true, value: "2026-11-25T18:58:21+00:00" });
});

test("only what was touched is sent, an emptied input as null, and what makes no sense is a fault of its field", () => {
  const fields = [stage, field("Amount", "currency"), field("Account", "lookup"), field("Note", "text")];
  const first = { Stage: "Won", Amount: "1", Account: "9", Note: "" };
  assert.deepEqual(readForm(fields, first, { ...first, Amount: "", Note: "x" }), { values: { Amount: null, Note: "x" }, faults: {} });
  assert.deepEqual(readForm(fields, first, { ...first, Amount: "abc", Account: "Initech" }), {
    values: {},
    faults: { Amount: "This is no number.", Account: "An id is 1 to 19 digits." },
  });
});

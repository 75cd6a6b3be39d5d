/** The form itself, for a record that is there and for one that is not yet. */
import { Button } from "@mantine/core";
import type { FormEvent } from "react";
import { useState } from "react";
import { ApiError, messageOf } from "../../api/api-error.ts";
import type { CrmField } from "../../api/crm.ts";
import type { JsonObject } from "../../api/json.ts";
import { Row, Stack } from "../../parts/layout.tsx";
import { Failed } from "../../parts/states.tsx";
import { FieldInput } from "./field-input.tsx";
import { formFields, inputOf, readForm } from "./record-form.ts";
import css from "./records.module.css";

export type RecordEditorProps = {
  readonly org: string;
  readonly fields: readonly CrmField[];
  /** Null: a new one. */
  readonly record: JsonObject | null;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onSave: (values: JsonObject) => void;
};

/** How many fields are shown before the rest is asked for. */
const firstShown = 12;

export function RecordEditor({ org, fields, record, isBusy, error, onSave }: RecordEditorProps) {
  const offered = formFields(fields, record === null);
  const [first] = useState(() => Object.fromEntries(offered.map((field) => [field.api_name, inputOf(field, record?.[field.api_name])])));
  const [inputs, setInputs] = useState(first);
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [isWhole, setWhole] = useState(offered.length <= firstShown);
  const refusedField = error instanceof ApiError ? error.fault.param : undefined;
  const faultOf = (name: string): string | null => faults[name] ?? (refusedField === name ? messageOf(error) : null);
  const shown = isWhole ? offered : offered.filter((field, index) => index < firstShown || faultOf(field.api_name) !== null);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    const read = readForm(offered, first, inputs);
    setFaults(read.faults);
    if (Object.keys(read.faults).length === 0) onSave(read.values);
  };
  return (
    // The server's own rules decide; its answer is shown at the field it names.
    <form onSubmit={save} noValidate>
      <Stack>
        <div className={css["form"]}>
          {shown.map((field) => (
            <FieldInput
              key={field.api_name}
              org={org}
              field={field}
              value={inputs[field.api_name] ?? ""}
              fault={faultOf(field.api_name)}
              onChange={(value) => setInputs((before) => ({ ...before, [field.api_name]: value }))}
            />
          ))}
        </div>
        {error === null ? null : <Failed error={error} />}
        <Row>
          <Button type="submit" loading={isBusy}>
            {record === null ? "Create" : "Save"}
          </Button>
          {isWhole ? null : (
            <Button variant="default" onClick={() => setWhole(true)}>
              Show all {offered.length} fields
            </Button>
          )}
        </Row>
      </Stack>
    </form>
  );
}

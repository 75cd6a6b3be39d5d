/** The input of one field, by its type. */
import { Checkbox, NativeSelect, Switch, TextInput, Textarea } from "@mantine/core";
import type { CrmField } from "../../api/crm.ts";
import { inputOfInstant, instantOfInput } from "../../format/instant.ts";
import { LookupInput, UserInput } from "./lookup-input.tsx";
import { inputKind } from "./record-form.ts";

export type FieldInputProps = {
  readonly org: string;
  readonly field: CrmField;
  readonly value: string;
  readonly fault: string | null;
  readonly onChange: (value: string) => void;
};

export function FieldInput(props: FieldInputProps) {
  const { field, value, fault, onChange } = props;
  const shared = { label: field.field_label, required: field.system_mandatory, error: fault };
  const typed = { ...shared, value, onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value) };
  switch (inputKind(field)) {
    case "text":
      return (
        <TextInput
          {...typed}
          type={inputTypes[field.data_type] ?? "text"}
          {...(field.length === null ? {} : { maxLength: field.length })}
        />
      );
    case "number":
      return <TextInput {...typed} inputMode="decimal" />;
    case "date":
      return <TextInput {...typed} type="date" />;
    case "long":
      return <Textarea {...typed} rows={3} />;
    case "json":
      return <Textarea {...typed} rows={2} description="As JSON, in the form that the API has." spellCheck={false} />;
    case "choice":
      return <NativeSelect {...typed} data={choicesOf(field, value)} />;
    case "choices":
      return <ChoicesInput {...props} />;
    case "flag":
      return (
        <Switch label={field.field_label} checked={value === "true"} onChange={(event) => onChange(String(event.currentTarget.checked))} />
      );
    case "instant":
      return (
        <TextInput
          {...shared}
          type="datetime-local"
          value={inputOfInstant(value)}
          onChange={(event) => onChange(instantOfInput(event.currentTarget.value))}
        />
      );
    case "lookup":
      return <LookupInput {...props} />;
    case "user":
      return <UserInput {...props} />;
  }
}

const inputTypes: Readonly<Record<string, string>> = { email: "email", phone: "tel", website: "url" };

/** A value that the pick list does not have any more stays choosable, so that it is not lost by saving. */
function choicesOf(field: CrmField, value: string) {
  const choices = field.pick_list_values.map(({ display_value: label, actual_value: actual }) => ({ value: actual, label }));
  const isKnown = value === "" || choices.some((choice) => choice.value === value);
  return [{ value: "", label: "–" }, ...choices, ...(isKnown ? [] : [{ value, label: value }])];
}

function ChoicesInput({ field, value, fault, onChange }: FieldInputProps) {
  const chosen = value === "" ? [] : value.split("\n");
  return (
    <Checkbox.Group label={field.field_label} error={fault} value={chosen} onChange={(values) => onChange(values.join("\n"))}>
      {field.pick_list_values.map(({ display_value: label, actual_value: actual }) => (
        <Checkbox key={actual} value={actual} label={label} mt={4} />
      ))}
    </Checkbox.Group>
  );
}

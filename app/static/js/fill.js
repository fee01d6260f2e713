// Puts into a form what it held before.

/** Put `pairs` in and empty the rest. A choice whose list is still on its way, like the desa, is put in for now. */
export function fill(form, pairs) {
  const left = {};
  for (const [name, value] of pairs) (left[name] = left[name] || []).push(value);
  for (const control of form.elements) {
    const { name, type, value, options } = control;
    const given = left[name] || [];
    if (/radio|checkbox/.test(type)) control.checked = name && given.includes(value);
    else if (name && !/hidden|submit/.test(type)) {
      const one = given.shift() || "";
      if (options && ![...options].some((option) => option.value === one)) control.add(new Option(one, one));
      control.value = one;
      if (options) control.dispatchEvent(new Event("change")); // does not bubble: nobody typed anything
    }
  }
}

// Ids for elements that name or describe each other. They mean nothing beyond this page.

let count = 0;

export const freshId = (subject) => `${subject}-${++count}`;

import * as z from 'zod';

/** What the bench's backend answers with. */

const zPerson = z.object({ id: z.string(), name: z.string() });

export const zUsers = z.object({ items: z.array(zPerson) });
export const zAuthors = z.object({ items: z.array(zPerson) });
export const zPosts = z.array(z.object({ id: z.string(), title: z.string(), authorId: z.string() }));
export const zProducts = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string(), price: z.number() })),
});
export const zOrderPages = z.object({
  items: z.array(
    z.object({
      userId: z.string(),
      items: z.array(
        z.object({
          id: z.string(),
          userId: z.string(),
          status: z.string(),
          total: z.number(),
          items: z.array(z.object({ productId: z.string(), quantity: z.number() })),
        }),
      ),
    }),
  ),
});
export const zRows = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    city: z.string(),
    age: z.number(),
    score: z.number(),
    active: z.boolean(),
    createdAt: z.string(),
  }),
);

export type User = z.infer<typeof zUsers>['items'][number];
export type Author = z.infer<typeof zAuthors>['items'][number];
export type Post = z.infer<typeof zPosts>[number];
export type Product = z.infer<typeof zProducts>['items'][number];
export type OrderPage = z.infer<typeof zOrderPages>['items'][number];
export type Row = z.infer<typeof zRows>[number];

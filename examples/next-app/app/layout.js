export const metadata = { title: 'Reviews', description: 'A text classifier behind a route of Next.js' };

export default function RootLayout({ children }) {
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  );
}

"""The website is everything around the sending functions in web.py.

A click goes this way:

1. static/front/send.js: `sendFrom` catches it, and `sendBy` numbers what it sends (numbers.js),
   posts to /<pattern> and asks for JSON.
   Without JavaScript the browser follows the link, which is a GET.
2. web.py: `link` takes requests for every pattern. `guard.refuse_unmeant` and `form.read_bodies`
   refuse bad ones with an error, which `errors` turns into a page or JSON.
3. messaging/sending/sender.py: `Sender.send` numbers the messages and calls the pattern's function
   in web.py, such as `prodcons`. That one hands them to Redis and returns a `Length` or `Reached`.
4. live/views.py: the sender calls `Live.on_sent`, and `WebReports.on_sent` counts the messages.
   They are reported to all web processes; pages/live/__init__.py tells how.
5. web.py: `tell` turns the answer into integers (`front.views.integers`), and into the sentence of
   `front.views.outcome`, which send.js shows. Without JavaScript it redirects to `front`, which
   shows the same sentence, when `Live.status_after_click` has waited until the click is counted.
"""

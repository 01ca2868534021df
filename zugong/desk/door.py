"""The outermost layer of the web: who is here, which day it is, what frame the page is about."""


class Door:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)


def frame_of_page(request):
    return {}

from django.urls import path

from assessment.consumers import RecordingConsumer

websocket_urlpatterns = [path("ws/grabar/", RecordingConsumer.as_asgi())]

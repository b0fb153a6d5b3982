"""The page of a satisfaction survey: public, outside any workspace."""

from django.urls import path

from inbox.web.views import survey

urlpatterns = [path("survey/<slug:token>", survey.survey, name="survey")]

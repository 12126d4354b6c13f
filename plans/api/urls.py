"""Addresses of terms in the API."""

from django.urls import path

from plans.api.due import Due
from plans.api.terms import Contracts, OnePlan, OnePolicy, Plans, Policies

urlpatterns = [
    path("contracts/", Contracts.as_view(), name="contracts"),
    path("policies/", Policies.as_view(), name="policies"),
    path("policies/<slug:slug>/", OnePolicy.as_view(), name="policy"),
    path("plans/", Plans.as_view(), name="plans"),
    path("plans/<slug:policy>/<str:code>/", OnePlan.as_view(), name="plan"),
    path("due/", Due.as_view(), name="due"),
]

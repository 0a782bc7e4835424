"""The blueprint of persons and occupations, each under its own path."""

from flask import Blueprint

from carecampaign.beneficiaries.numbers import mask_id_number, mask_phone

blueprint = Blueprint("beneficiaries", __name__)
blueprint.add_app_template_filter(mask_phone, "masked_phone")
blueprint.add_app_template_filter(mask_id_number, "masked_id_number")
